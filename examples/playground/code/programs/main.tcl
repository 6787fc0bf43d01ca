gets stdin name
puts "Hello, $name!"
for {set n 1} {$n <= 5} {incr n} { puts "$n squared is [expr {$n * $n}]" }
