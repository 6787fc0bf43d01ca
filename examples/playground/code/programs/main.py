name = input()
print(f"Hello, {name}!")
print("Squares:", [n * n for n in range(1, 6)])
