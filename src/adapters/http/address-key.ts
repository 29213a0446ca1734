import { isIPv6 } from "node:net";

/** One key for all addresses that one subscriber holds: an IPv4 address, or the first 64 bits of an IPv6 one. */
export function toAddressKey(address: string | undefined): string {
  if (address === undefined) return "unknown";
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped?.[1] !== undefined) return mapped[1];
  if (!isIPv6(address)) return address;
  const [front = "", back = ""] = address.toLowerCase().split("::");
  const head = front === "" ? [] : front.split(":");
  const tail = back === "" ? [] : back.split(":");
  const zeros = address.includes("::") ? Array.from({ length: Math.max(0, 8 - head.length - tail.length) }, () => "0") : [];
  return `${[...head, ...zeros, ...tail].slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16)).join(":")}::/64`;
}
