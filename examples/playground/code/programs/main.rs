use std::io;

fn main() {
    let mut name = String::new();
    io::stdin().read_line(&mut name).unwrap();
    println!("Hello, {}!", name.trim());
    for n in 1..=5 {
        println!("{} squared is {}", n, n * n);
    }
}
