read -r name
echo "Hello, $name!"
for n in 1 2 3 4 5; do echo "$n squared is $((n * n))"; done
