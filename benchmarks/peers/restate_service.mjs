// The service that Restate calls: a no-op, and a chain of durable steps.
Promise.withResolvers ??= function withResolvers() { // absent before Node.js 22
  let resolve, reject;
  const promise = new this((yes, no) => { resolve = yes; reject = no; });
  return { promise, resolve, reject };
};
const { service, serve } = await import("@restatedev/restate-sdk");

const bench = service({
  name: "bench",
  handlers: {
    nothing: async (ctx, value) => value,
    chain: async (ctx, steps) => {
      let value = 0;
      for (let i = 0; i < steps; i++) value = await ctx.run("step", async () => value + 1);
      return value;
    },
  },
});

serve({ services: [bench], port: Number(process.env.PORT) });
