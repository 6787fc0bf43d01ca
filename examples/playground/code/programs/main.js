const name = require("node:fs").readFileSync(0, "utf8").trim();
console.log(`Hello, ${name}!`);
console.log("Squares:", [1, 2, 3, 4, 5].map((n) => n * n));
