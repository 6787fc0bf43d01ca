'use strict';
// An event function and a web application in Node.js, sharing what the initializer prepared.

const greetings = new Map();

// Runs once for each instance, before its first call.
exports.prepare = (context, callback) => {
  for (const [language, greeting] of Object.entries({ en: 'Hello', fr: 'Bonjour', zh: '你好' })) {
    greetings.set(language, greeting);
  }
  callback();
};

// `event` is a Buffer; what is returned becomes JSON.
exports.greet = async (event, context) => {
  const asked = event.length ? JSON.parse(event) : {};
  console.info('greeting %s for request %s', asked.name, context.requestId);
  return { greeting: sentence(asked.language ?? 'en', asked.name ?? 'world') };
};

// The request is a stream with `headers`, `path`, `queries` and `method`.
exports.web = async (request, response) => {
  const { language = 'en', name = 'world' } = request.queries;
  response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  if (!greetings.has(language)) {
    response.setStatusCode(404);
    response.send(`No greeting in '${language}'.\n`);
    return;
  }
  response.send(`${sentence(language, name)}\n`);
};

function sentence(language, name) {
  return `${greetings.get(language)}, ${name}!`;
}
