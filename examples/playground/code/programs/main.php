<?php
$name = trim(fgets(STDIN));
echo "Hello, $name!\n";
echo "Squares: ", implode(", ", array_map(fn($n) => $n * $n, range(1, 5))), "\n";
