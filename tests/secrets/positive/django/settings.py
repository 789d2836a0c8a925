DEBUG = False
SECRET_KEY = "{{fake:alnum 50}}"
ALLOWED_HOSTS = ["shop.example"]
