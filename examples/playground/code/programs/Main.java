import java.util.Scanner;
import java.util.stream.IntStream;

public class Main {
    public static void main(String[] arguments) {
        System.out.printf("Hello, %s!%n", new Scanner(System.in, "UTF-8").nextLine());
        IntStream.rangeClosed(1, 5).forEach(n -> System.out.println(n + " squared is " + n * n));
    }
}
