/** As much of Protocol Buffers' wire form as KV Connect needs. */

/** One field of a message: its number, and a number or bytes. */
export interface Field {
  readonly number: number;
  readonly value: bigint | Uint8Array;
}

/** Reads the fields of a message in order. */
export function* readFields(message: Uint8Array): Generator<Field> {
  let at = 0;
  function varint(): bigint {
    for (let value = 0n, shift = 0n;; shift += 7n) {
      const byte = message[at++];
      if (byte === undefined) throw new Error("the message breaks off");
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  }
  while (at < message.length) {
    const tag = Number(varint());
    const type = tag & 7;
    if (type === 0) {
      yield { number: tag >> 3, value: varint() };
    } else if (type === 2) {
      const length = Number(varint());
      yield { number: tag >> 3, value: message.slice(at, at += length) };
    } else throw new Error(`wire type ${type} is not used by KV Connect`);
  }
}

/** Writes a message of fields that hold numbers or bytes; a list writes the field repeatedly. */
export function writeFields(
  fields: Readonly<Record<number, number | bigint | Uint8Array | readonly Uint8Array[]>>,
): Uint8Array {
  const bytes: number[] = [];
  const varint = (value: number | bigint) => {
    for (let rest = BigInt(value);; rest >>= 7n) {
      if (rest < 0x80n) return void bytes.push(Number(rest));
      bytes.push(Number(rest & 0x7fn) | 0x80);
    }
  };
  for (const [number, value] of Object.entries(fields)) {
    const isNumber = typeof value === "number" || typeof value === "bigint";
    for (const each of isNumber ? [value] : value instanceof Uint8Array ? [value] : value) {
      varint(Number(number) << 3 | (each instanceof Uint8Array ? 2 : 0));
      if (!(each instanceof Uint8Array)) varint(each);
      else {
        varint(each.length);
        for (const byte of each) bytes.push(byte);
      }
    }
  }
  return Uint8Array.from(bytes);
}
