<?php
define( 'DB_USER', 'shop' );
define( 'DB_PASSWORD', '{{fake:password}}' );
