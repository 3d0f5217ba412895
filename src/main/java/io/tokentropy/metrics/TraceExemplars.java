package io.tokentropy.metrics;

import io.prometheus.metrics.tracer.common.SpanContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.springframework.stereotype.Component;

/**
 * Hangs the caller's trace on the buckets of the histograms, as exemplars. There are no spans of
 * our own: the trace is that of the request's {@code traceparent}.
 */
@Component
public class TraceExemplars implements SpanContext {
  /** Where a request's trace and its caller's span are kept while it runs. */
  public static final String TRACE = "trace_id";

  public static final String SPAN = "span_id";

  @Override
  public @Nullable String getCurrentTraceId() {
    return MDC.get(TRACE);
  }

  @Override
  public @Nullable String getCurrentSpanId() {
    return MDC.get(SPAN);
  }

  /** Only sampled traces are kept here at all. */
  @Override
  public boolean isCurrentSpanSampled() {
    return MDC.get(SPAN) != null;
  }

  @Override
  public void markCurrentSpanAsExemplar() {
    // The span is the caller's.
  }
}
