const client = new Client({
  host: "db",
  password: "{{fake:password 18}}",
});
