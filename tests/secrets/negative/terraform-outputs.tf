output "db_password" {
  value     = aws_secretsmanager_secret_version.db.secret_string
  sensitive = true
}
module "x" {
  source = "git::https://github.com/example/mod.git?ref={{fake:hex 40}}"
  password_secret_arn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:prod/db-AbCdEf"
}
