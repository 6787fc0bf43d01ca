#include <stdio.h>

int main(void) {
    char name[100];
    if (scanf("%99s", name) != 1) return 1;
    printf("Hello, %s!\n", name);
    for (int n = 1; n <= 5; n++) printf("%d squared is %d\n", n, n * n);
    return 0;
}
