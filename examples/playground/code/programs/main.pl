use strict;
use warnings;

chomp(my $name = <STDIN>);
print "Hello, $name!\n";
print "Squares: @{[map { $_ * $_ } 1 .. 5]}\n";
