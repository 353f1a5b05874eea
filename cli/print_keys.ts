import type { KeyView } from "./admin_types.ts";
import type { CliContext } from "./context.ts";
import { formatWhen } from "./duration.ts";

/** Prints keys as a table: who signs now, and what happens to each key next. */
export function printKeys({ out, host }: CliContext, keys: readonly KeyView[]): void {
  out.table({
    head: ["KEY ID", "ALG", "STATE", "NEXT"],
    rows: keys.map((key) => [key.kid, key.alg, key.state, nextStep(key, host.now())]),
  });
}

function nextStep(key: KeyView, now: number): string {
  if (key.state === "published") {
    return key.notBefore ? `signs ${formatWhen(key.notBefore, now)}` : "spare";
  }
  if (key.state === "active") {
    return key.retireAt ? `retires ${formatWhen(key.retireAt, now)}` : "signs";
  }
  if (key.removeAt) return `gone ${formatWhen(key.removeAt, now)}`;
  return "-";
}
