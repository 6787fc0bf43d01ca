local name = io.read()
print("Hello, " .. name .. "!")
for n = 1, 5 do print(n .. " squared is " .. n * n) end
