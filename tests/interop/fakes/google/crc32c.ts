/** CRC-32C (Castagnoli) of bytes as Cloud Storage writes it: base64 of four bytes, the highest first. */
export function crc32c(bytes: Uint8Array): string {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  const value = ~crc >>> 0;
  return btoa(String.fromCharCode(...[24, 16, 8, 0].map((shift) => value >>> shift & 0xff)));
}
