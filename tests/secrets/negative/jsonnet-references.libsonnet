{
  password: std.extVar('password'),
  token:: error 'a token is needed',
  secretName: 'shop-' + $._config.env + '-credentials',
}
