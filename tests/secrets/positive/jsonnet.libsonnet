{
  _config+:: {
    grafana_admin_password: '{{fake:password 18}}',
  },
}
