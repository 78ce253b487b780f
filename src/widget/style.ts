/**
 * The CSS of the button and the dialog. Sizes are in pixels, because the font size of the page is not known. On screens
 * up to 600 px wide the dialog fills the screen. `--b` and `--t` are the merchant's colours for the button and its
 * text. The class of the dialog is the state of the checkout.
 */
export const STYLE = `:host{all:initial;display:inline-block;max-width:100%}:host([hidden]){display:none}
button,a{box-sizing:border-box;min-height:44px;padding:10px 24px;border:1px solid #8888;border-radius:12px;background:var(--b);color:var(--t);font:700 16px system-ui;overflow-wrap:anywhere;cursor:pointer;outline-offset:2px}
:focus-visible{outline:3px solid #36f}
bdi{display:block;font:14px system-ui}
dialog{color-scheme:light dark;width:480px;padding:0;border:0;border-radius:12px;background:light-dark(#fff,#1a1d25)}
dialog div{display:flex;flex-direction:column;height:100%;font:16px system-ui}
::backdrop{background:#0009}
dialog button{position:sticky;top:0;width:44px;padding:0;border:0;font-size:24px;align-self:end;background:light-dark(#fff,#1a1d25);color:inherit}
iframe{border:0;width:100%;height:320px}
a,p{display:none;margin:48px 24px;text-align:center}
.link a,.wait p{display:block}
.wait iframe{position:absolute;visibility:hidden}
@media(max-width:600px){dialog{width:100%;max-width:100%;height:100%;max-height:100%;border-radius:0}iframe{flex:1}}`;
