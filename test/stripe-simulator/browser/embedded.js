// Runs in the page inside the iframe of Stripe.js. Sends its height, and the end of the session, to the page around it.
const main = document.querySelector('main');
const origin = new URLSearchParams(location.search).get('origin');

function post(type, data) {
  if (origin) parent.postMessage({ source: 'stripe-simulator', type, ...data }, origin);
}

new ResizeObserver(() => post('height', { height: document.documentElement.scrollHeight })).observe(document.body);
if ('complete' in main.dataset) post('complete', { returnUrl: main.dataset.returnUrl ?? null });

// A second click during the first request must not pay twice. The form shows that it is busy.
let sent = false;
document.querySelector('form')?.addEventListener('submit', (event) => {
  if (sent) event.preventDefault();
  sent = true;
  main.setAttribute('aria-busy', 'true');
});
