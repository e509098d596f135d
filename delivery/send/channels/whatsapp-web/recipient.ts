/** Whom an address means: a phone number, or a chat by its exact name. */
export type ChatAddress =
  | { readonly kind: 'phone'; readonly digits: string }
  | { readonly kind: 'named'; readonly name: string };

/** `+919812345678`, `contact:Asha Patel` or `group:Store managers`. */
export function chatAddress(address: string): ChatAddress {
  const named = /^(?:contact|group):(.+)$/s.exec(address)?.[1];
  return named === undefined
    ? { kind: 'phone', digits: address.replace(/\D/g, '') }
    : { kind: 'named', name: named.trim() };
}
