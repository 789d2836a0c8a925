!function(t){var e={};function n(r){if(e[r])return e[r].exports}n.token="token",n.password=function(t){return t.password}}({});
