name = gets.chomp
puts "Hello, #{name}!"
puts "Squares: #{(1..5).map { |n| n * n }}"
