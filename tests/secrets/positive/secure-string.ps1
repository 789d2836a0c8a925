$secure = ConvertTo-SecureString "{{fake:password}}" -AsPlainText -Force
