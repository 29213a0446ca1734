import type { IncomingMessage } from "node:http";
import { BlockList, isIP } from "node:net";
import { kindOf } from "../../../domain/check-option.ts";

/** Whose requests are whose. */
export interface ClientAddresses {
  /** The address of whoever sent a request. */
  of(incoming: IncomingMessage): string | undefined;
  /** Is it that of a trusted proxy, and so nobody's own? */
  isProxy(address: string | undefined): boolean;
}

/** Behind no proxy: the peer. What a header says of it, anybody may have written. */
export const PEERS: ClientAddresses = { of: ({ socket }) => socket.remoteAddress, isProxy: () => false };

/**
 * Behind proxies: of the addresses in X-Forwarded-For, to which each proxy adds the one that it
 * saw, the last that is not a proxy's own. Whatever stands before that one is hearsay (RFC 9700
 * section 4.13).
 *
 * @param proxies Addresses such as `10.0.0.7` or `::1`, or networks such as `10.0.0.0/8`.
 * @throws TypeError on anything else.
 */
export function behindProxies(proxies: readonly string[]): ClientAddresses {
  const trusted = toBlockList("trustedProxies", proxies);
  return {
    isProxy: (address) => address !== undefined && isTrusted(trusted, address),
    of(incoming) {
      const forwarded = String(incoming.headers["x-forwarded-for"] ?? "").split(",").map((address) => address.trim());
      let client = incoming.socket.remoteAddress;
      while (client !== undefined && isTrusted(trusted, client)) {
        const next = forwarded.pop() ?? "";
        if (isIP(next) === 0) break;
        client = next;
      }
      return client;
    },
  };
}

/** Says by a TypeError under this name what {@link behindProxies} would refuse. */
export function checkProxies(name: string, proxies: readonly string[]): void {
  toBlockList(name, proxies);
}

function isTrusted(trusted: BlockList, address: string): boolean {
  return trusted.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
}

function toBlockList(name: string, proxies: readonly string[]): BlockList {
  if (!Array.isArray(proxies)) throw new TypeError(`${name} must be a list, not ${kindOf(proxies)}: ["10.0.0.0/8"]`);
  const list = new BlockList();
  for (const proxy of proxies) {
    const [address = "", prefix, ...rest] = String(proxy).split("/");
    const version = isIP(address);
    const bits = prefix === undefined ? widthOf(version) : /^\d{1,3}$/.test(prefix) ? Number(prefix) : Number.NaN;
    if (version === 0 || rest.length > 0 || !(bits <= widthOf(version))) {
      throw new TypeError(`${name}: ${JSON.stringify(proxy)} is no address; write one such as "10.0.0.7" or a network such as "10.0.0.0/8"`);
    }
    list.addSubnet(address, bits, version === 6 ? "ipv6" : "ipv4");
  }
  return list;
}

function widthOf(version: number): number {
  return version === 6 ? 128 : 32;
}
