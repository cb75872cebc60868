// Search and filters. Without this file the pages are still whole.
const $ = selector => document.querySelector(selector);
const find = $('#find');
const copy = $('#copy');

if (find) {
  const { q } = find.elements;
  const boxes = [...find.querySelectorAll('[type=checkbox]')];
  const details = find.querySelector('details');
  const status = $('[role=status]');
  const all = status.textContent;
  const clears = document.querySelectorAll('.clear');
  const list = $('#list');
  const other = $('#other');
  const there = other.href;

  const plain = text => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

  const cards = [...list.children].map(li => {
    const terms = li.dataset.t.split(',').map(n => boxes[n]).filter(Boolean);
    if (terms.length && 'label' in list.dataset) {
      const p = document.createElement('p');
      p.className = 't';
      p.textContent = terms.map(box => box.parentNode.textContent).join('\u00a0· ');
      li.append(p);
    }
    return { li, terms, text: plain(li.textContent) };
  });

  // Of each kind one of those checked is enough; who works worldwide works in each region.
  const fits = (card, words, groups) => words.every(w => card.text.includes(w))
    && groups.every(group => card.terms.some(box => group.includes(box)
      || (box.value === 'worldwide' && box.name === group[0].name)));

  let timer;
  const show = () => {
    const words = plain(q.value).split(/\s+/).filter(Boolean);
    const checked = boxes.filter(box => box.checked);
    const groups = ['s', 'r', 'l'].map(name => checked.filter(box => box.name === name)).filter(group => group[0]);
    let shown = 0;
    for (const card of cards) {
      const fit = fits(card, words, groups);
      if (card.li.hidden === fit) card.li.hidden = !fit;
      shown += fit;
    }
    const active = words[0] ?? checked[0];
    status.textContent = active
      ? status.dataset.some.replace('{shown}', shown).replace('{count}', cards.length)
      : all;
    clears[0].hidden = !active;
    $('#none').hidden = shown > 0;
    if (details) $('summary').dataset.n = checked.length || '';

    // The address tells what is shown: to share, and for the other language.
    const state = new URLSearchParams(new FormData(find));
    if (!words[0]) state.delete('q');
    const hash = `${state}` && `#${state}`;
    other.href = there + hash;
    clearTimeout(timer);
    timer = setTimeout(() => location.hash === hash
      || history.replaceState(null, '', hash || location.pathname + location.search), 150);
  };

  const restore = () => {
    if (/^#[^=]+$/.test(location.hash)) return; // a place on it
    const state = new URLSearchParams(location.hash.slice(1));
    q.value = state.get('q') || '';
    for (const box of boxes) box.checked = state.getAll(box.name).includes(box.value);
    show();
  };

  const change = event => {
    if (event.isComposing) return;
    show();
    if (list.getBoundingClientRect().top < 0) list.scrollIntoView();
  };

  find.addEventListener('input', change);
  find.addEventListener('compositionend', change);
  find.addEventListener('submit', event => {
    event.preventDefault();
    list.querySelector('li:not([hidden]) a')?.focus();
  });
  for (const button of clears) {
    button.addEventListener('click', () => {
      find.reset();
      show();
      q.focus();
    });
  }
  addEventListener('hashchange', restore);
  addEventListener('keydown', event => {
    if (event.key === 'Escape' && event.target === q && !event.isComposing) {
      q.value = '';
      show();
    } else if (event.key === '/' && event.target !== q) {
      event.preventDefault();
      q.focus();
    }
  });

  if (details) details.open = matchMedia('(min-width: 40em)').matches;
  find.hidden = false;
  restore();
}

if (copy && navigator.clipboard) {
  copy.hidden = false;
  copy.addEventListener('click', async () => {
    await navigator.clipboard.writeText($('pre').textContent);
    copy.textContent = copy.dataset.done;
  });
}
