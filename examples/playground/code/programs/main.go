package main

import "fmt"

func main() {
	var name string
	fmt.Scanln(&name)
	fmt.Printf("Hello, %s!\n", name)
	for n := 1; n <= 5; n++ {
		fmt.Println(n, "squared is", n*n)
	}
}
