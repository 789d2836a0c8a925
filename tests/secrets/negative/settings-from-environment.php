<?php
$db_password = getenv('DB_PASSWORD');
$label = 'Password';
if ($token == "none") { $token = ''; }
