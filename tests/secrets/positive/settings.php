<?php
$db_user = 'shop';
$db_password = '{{fake:password}}';
