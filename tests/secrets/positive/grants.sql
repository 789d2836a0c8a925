CREATE USER 'shop'@'%' IDENTIFIED BY '{{fake:password}}';
GRANT ALL ON shop.* TO 'shop'@'%';
