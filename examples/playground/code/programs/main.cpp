#include <iostream>
#include <string>
#include <vector>

int main() {
    std::string name;
    std::getline(std::cin, name);
    std::cout << "Hello, " << name << "!\n";
    for (int n : std::vector<int>{1, 2, 3, 4, 5}) std::cout << n << " squared is " << n * n << "\n";
}
