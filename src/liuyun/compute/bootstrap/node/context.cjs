'use strict';
// The `context` argument of handlers (fc contract 3.4).

const output = require('./output.cjs');

function contextOf(facts, call) {
  const { credentials, service } = facts;
  const tracing = call.tracing ?? {};
  const openTracing = {
    openTracingSpanContext: tracing.span_context ?? '',
    openTracingSpanBaggages: tracing.span_baggages ?? {},
    jaegerEndpoint: tracing.jaeger_endpoint ?? '',
  };
  return {
    requestId: call.request_id,
    credentials: {
      accessKeyId: credentials.access_key_id,
      accessKeySecret: credentials.access_key_secret,
      securityToken: credentials.security_token,
    },
    function: {
      name: facts.function.name,
      handler: facts.function.handler,
      memory: facts.function.memory,
      timeout: facts.function.timeout,
      initializer: facts.function.initializer,
      initializationTimeout: facts.function.initialization_timeout,
    },
    service: {
      name: service.name,
      logProject: service.log_project,
      logStore: service.log_store,
      qualifier: call.qualifier,
      versionId: facts.version_id,
    },
    region: facts.region,
    accountId: facts.account_id,
    logger: output.logger(() => call.request_id),
    retryCount: call.retry_count,
    tracing: {
      ...openTracing,
      spanContext: openTracing.openTracingSpanContext,
      spanBaggages: openTracing.openTracingSpanBaggages,
      parseOpenTracingBaggages: () => openTracing.openTracingSpanBaggages,
    },
  };
}

module.exports = { contextOf };
