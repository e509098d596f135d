/** `asha` as `a***`: enough to follow one person's line, too little to know who it is. */
export function masked(recipient: string): string {
  return `${recipient.slice(0, 1)}***`;
}
