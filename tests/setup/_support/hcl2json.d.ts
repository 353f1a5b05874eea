/** The part of @cdktf/hcl2json that the tests use; its own types clash with other packages' Node types. */
export function parse(filename: string, contents: string): Promise<Record<string, unknown>>;
