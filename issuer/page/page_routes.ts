import type { Route } from "../handler.ts";
import type { PageOptions, Pages } from "./create_pages.ts";

/** Every page for people and every file that one loads, by its full path; nothing is loaded before the first visit. */
export function pageRoutes(
  base: string,
  options: PageOptions,
): readonly (readonly [path: string, route: Route])[] {
  let made: Promise<Pages> | undefined;
  const pages = () =>
    made ??= import("./create_pages.ts").then(({ createPages }) => createPages(options));
  const get = (name: keyof Pages): Route => ({
    GET: async (request) => await (await pages())[name](request),
  });
  return [
    [`${base}/`, get("status")],
    ...(base === "" ? [] : [[base, get("status")] as const]),
    [`${base}/trust`, get("trust")],
    [`${base}/assets/page.js`, get("pageScript")],
    [`${base}/assets/icon.svg`, get("icon")],
    ...(options.hasConsole
      ? [
        [`${base}/console`, get("console")] as const,
        [`${base}/assets/console.js`, get("consoleScript")] as const,
      ]
      : []),
  ];
}
