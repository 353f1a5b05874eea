/** Which rooms each room may import from, besides itself. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  kv: [],
  keys: ["kv"],
  verify: [],
  client: [],
  setup: [],
  doctor: ["setup", "verify"],
  issuer: ["keys", "kv", "verify", "setup"],
  testing: ["issuer", "kv"],
  cli: ["client", "verify", "setup", "doctor", "issuer", "kv"],
  "mod.ts": ["client"],
};

/** Imports that a room must do without: the client loads nothing, the verifier jose only. */
const packages: Readonly<Record<string, RegExp>> = {
  client: /^$/,
  setup: /^$/,
  verify: /^jose(\/|$)/,
  kv: /^@std\//,
};

const root = new URL("../../", import.meta.url).pathname;

/** The room of an absolute path: its first folder below the checkout, or `mod.ts`. */
function roomOf(path: string): string | undefined {
  if (path.startsWith(root)) return path.slice(root.length).split("/")[0];
}

function faultOf(from: string, specifier: string): string | undefined {
  const room = roomOf(from);
  if (room === undefined || !(room in allowed)) return undefined;
  if (!specifier.startsWith(".")) {
    const needs = packages[room];
    return needs && !needs.test(specifier) ? `${room}/ must not import "${specifier}"` : undefined;
  }
  const target = new URL(specifier, `file://${from}`).pathname;
  const other = roomOf(target);
  if (target.endsWith("issuer/main.ts")) return "issuer/main.ts is a program: nobody imports it";
  if (other === room && target.endsWith(`${room}/mod.ts`)) {
    return "siblings import files, never their own mod.ts";
  }
  if (other === undefined || other === room || !(other in allowed)) return undefined;
  if (!allowed[room]!.includes(other)) {
    return `${room}/ must not import ${other}/`;
  }
}

/** Holds the direction of imports between rooms. */
const plugin: Deno.lint.Plugin = {
  name: "rooms",
  rules: {
    direction: {
      create(context) {
        const check = (node: Deno.lint.Node, source: { value: unknown } | null | undefined) => {
          const fault = source && faultOf(context.filename, String(source.value));
          if (fault) context.report({ node, message: fault });
        };
        return {
          ImportDeclaration: (node) => check(node, node.source),
          ExportNamedDeclaration: (node) => check(node, node.source),
          ExportAllDeclaration: (node) => check(node, node.source),
        };
      },
    },
  },
};

export default plugin;
