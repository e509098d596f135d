/** `asha` as `a***`: enough to follow one person's line, too little to know who it is. */
export function masked(recipient: string): string {
  return `${recipient.slice(0, 1)}***`;
}

/** `asha@example.com` as `a***@example.com`. */
export function maskedAddress(address: string): string {
  const at = address.lastIndexOf('@');
  return at < 0 ? masked(address) : masked(address) + address.slice(at);
}
