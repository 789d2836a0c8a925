from __future__ import annotations

import pytest

from gitops_ci.secrets.assignments import may_assign
from gitops_ci.secrets.text_scan import NAME_WORDS
from gitops_ci.secrets.unnamed import passwords

FOUND = [
    "curl -fsSL -u deploy:hunter2 https://nexus.shop.test/a.tgz",
    "curl --user deploy:hunter2 https://nexus.shop.test",
    "docker login registry.shop.test -u ci -p hunter2",
    "mongosh --host mongo-0 -u root -p 'hunter2' --eval 'rs.initiate()'",
    "mongodump --uri mongodb://db -u root -p hunter2",
    "mysql -uroot -phunter2 shop < dump.sql",
    "mysqldump -h db -u root -p'hunter2' shop",
    "mysqladmin -u root password 'hunter2'",
    "sshpass -p 'hunter2' ssh root@host",
    "RUN echo 'root:hunter2' | chpasswd",
    "echo root:hunter2 | sudo chpasswd",
    "mc alias set s3 http://minio:9000 root hunter2",
    "mc alias set s3 http://minio:9000 root hunter2; mc mb s3/a",
    "mc config host add s3 http://minio:9000 root hunter2",
    "machine git.shop.test login ci password hunter2",
    "requirepass hunter2",
    "user worker on >hunter2 ~jobs:* +@all",
    "stats auth admin:hunter2",
    "DSN=shop:hunter2@tcp(mysql.db.svc:3306)/shop?parseTime=true",
    'var cs = "Server=db;Database=shop;User Id=sa;Password=hunter2;";',
    "Driver={ODBC};Server=db;Uid=sa;Pwd=hunter2",
    '$p = ConvertTo-SecureString "hunter2" -AsPlainText -Force',
    "ConvertTo-SecureString -String 'hunter2' -AsPlainText",
    "host=db user=shop password=hunter2 dbname=shop sslmode=disable",
    "CREATE USER shop WITH PASSWORD 'hunter2';",
    "alter role reader password 'hunter2'",
    "CREATE USER 'shop'@'%' IDENTIFIED BY 'hunter2';",
    "ALTER USER shop IDENTIFIED WITH caching_sha2_password BY 'hunter2'",
    "psql -c \"ALTER USER shop WITH PASSWORD 'hunter2'\"",
    "rabbitmqctl add_user svc hunter2",
    "rabbitmqctl change_password svc 'hunter2'",
    "redis-cli -h redis -a hunter2 ping",
    "ldapadd -x -D cn=admin,dc=shop -w hunter2 -f base.ldif",
    "mosquitto_pub -h m -u svc -P hunter2 -t a",
    "htpasswd -bc /etc/nginx/.htpasswd admin hunter2",
    "htpasswd -nbB admin hunter2",
    'PlainLoginModule required username="a" password="b" user_a="hunter2";',
]
SILENT = [
    "mkdir -p /data",
    "mysql -h db -P 3306 -p < dump.sql",
    "mysql -u root --password-file=/run/x",
    "mongosh -p",
    "docker run --name mysql -p3306:3306 mysql:8",
    "mongo: the flag -p",
    "user default on nopass ~* +@all",
    'user_name="hunter2"',
    "stats auth-request",
    "git@host(tcp)",
    "echo done | chpasswd",
    "alias set",
    "CREATE USER shop IDENTIFIED WITH caching_sha2_password;",
    "CREATE USER shop IDENTIFIED WITH sha256_hash BY 'hunter2'",
    "ALTER USER shop PASSWORD EXPIRE INTERVAL 90 DAY;",
    "the password 'hunter2' is only an example",
    "rabbitmqctl add_vhost shop",
    "redis-cli -p 6379 ping",
    "ldapsearch -x -W -b dc=shop",
    "htpasswd -c /etc/nginx/.htpasswd admin",
    "Server=db;Integrated Security=true;Password=",
    "ConvertTo-SecureString $env:PASSWORD -AsPlainText",
]


@pytest.mark.parametrize("line", FOUND)
def test_where_a_manual_says_that_it_is_the_password(line: str) -> None:
    assert [match["value"] for match in passwords(line, line.lower())] == ["hunter2"]
    assert may_assign(line)
    assert any(word in line.lower() for word in NAME_WORDS)


@pytest.mark.parametrize("key", ["Unseal Key 1: ", "Recovery Key 2: ", "Initial Root Token: "])
def test_what_vault_prints(key: str) -> None:
    line = key + "a" * 24
    assert [match["value"] for match in passwords(line, line.lower())] == ["a" * 24]


def test_what_vault_is_given() -> None:
    line = "vault operator unseal " + "a" * 24
    assert [match["value"] for match in passwords(line, line.lower())] == ["a" * 24]
    assert may_assign(line)


@pytest.mark.parametrize("line", SILENT)
def test_other_words_are_none(line: str) -> None:
    assert not list(passwords(line, line.lower()))
