/** What stands in the tag of the widget where the public key is not known: only its beginning and end are stored. */
export const PUBLIC_KEY_PLACEHOLDER = 'YOUR_PUBLIC_KEY';

interface TagInput {
  /** The address of the service, without a slash at its end. */
  readonly publicUrl: string;
  /** The whole key. It is known only on the page that follows its form. */
  readonly publicKey?: string;
  /** The token of the payment link, or a placeholder. */
  readonly token: string;
}

/** The tag that opens the payment window on a merchant's website. */
export function widgetTag({ publicUrl, publicKey = PUBLIC_KEY_PLACEHOLDER, token }: TagInput): string {
  return [
    `<script src="${publicUrl}/softsolz.js"`,
    '  data-service-id="payments"',
    `  data-public-key="${publicKey}"`,
    `  data-token="${token}"></script>`,
  ].join('\n');
}

/** A public key as it can be named again: by its name, its beginning and its end. */
export function namedKey({ name, prefix, last4 }: Record<'name' | 'prefix' | 'last4', string>): string {
  return `${name} (${prefix}…${last4})`;
}
