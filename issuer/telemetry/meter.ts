/** Names and values that a measurement is kept apart by. */
export type Attributes = Readonly<Record<string, string | number>>;

/** What an instrument is about. */
export interface InstrumentOptions {
  /** For people. */
  readonly description?: string;
  /** UCUM unit. */
  readonly unit?: string;
  /** Hints to the aggregation. */
  readonly advice?: { readonly explicitBucketBoundaries?: number[] };
}

/** Takes the values of a gauge when somebody looks. */
export interface ObservableResult {
  /** Notes a value. */
  observe(value: number, attributes?: Attributes): void;
}

/** The part of an OpenTelemetry meter that an issuer uses; `metrics.getMeter()` of `@opentelemetry/api` fits. */
export interface Meter {
  /** Makes a counter. */
  createCounter(
    name: string,
    options?: InstrumentOptions,
  ): { add(value: number, attributes?: Attributes): void };
  /** Makes a histogram. */
  createHistogram(
    name: string,
    options?: InstrumentOptions,
  ): { record(value: number, attributes?: Attributes): void };
  /** Makes a gauge that is asked. */
  createObservableGauge(
    name: string,
    options?: InstrumentOptions,
  ): { addCallback(callback: (result: ObservableResult) => void): void };
}

/** Where OpenTelemetry's JavaScript API keeps what is registered, in every copy of major version 1. */
const registry = Symbol.for("opentelemetry.js.api.1");

/**
 * The meter of whatever OpenTelemetry runs in this process, as `@opentelemetry/api` would find it:
 * Deno registers its own under `OTEL_DENO=true`. Undefined, at the cost of a look, where none does.
 */
export function registeredMeter(global: object = globalThis): Meter | undefined {
  const registered = (global as Record<symbol, { metrics?: MeterProvider } | undefined>)[registry];
  return registered?.metrics?.getMeter("signet");
}

interface MeterProvider {
  getMeter(name: string): Meter;
}
