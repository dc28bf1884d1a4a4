// What must happen before the first paint: the reader's settings, and the grey of days of
// mourning. The build puts this script into the page; everything else is in site.js.
(() => {
  const root = document.documentElement;
  root.classList.add('js');
  // Without site.js what it would hide or fold stays open.
  addEventListener('error', e => e.target.tagName == 'SCRIPT' && root.classList.remove('js'), true);
  try {
    const set = JSON.parse(localStorage.getItem('zhendi') || '{}');
    for (const k of ['size', 'elder', 'contrast']) if (set[k]) root.dataset[k] = set[k];
  } catch (e) { /* no storage: the page as it is */ }
  const days = root.dataset.mourning;
  const today = new Date(Date.now() + 288e5).toISOString().slice(0, 10); // UTC+8
  if (days && days.split(' ').includes(today)) root.classList.add('mourning');
})();
