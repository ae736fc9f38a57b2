// The texts of the page whose contrast with what is behind them is too low, by WCAG 2.2, success criterion 1.4.3.
const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });

function paint(...colors) {
  canvas.clearRect(0, 0, 1, 1);
  for (const color of colors) {
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
  }
  return canvas.getImageData(0, 0, 1, 1).data;
}

function luminance([red, green, blue]) {
  const linear = (value) => (value <= 0.04045 * 255 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

function contrast(element) {
  const behind = [];
  for (let parent = element; parent !== null; parent = parent.parentElement) {
    behind.unshift(getComputedStyle(parent).backgroundColor);
  }
  const [low, high] = [paint(...behind), paint(...behind, getComputedStyle(element).color)]
    .map(luminance).sort((first, second) => first - second);
  return (high + 0.05) / (low + 0.05);
}

return [...document.body.querySelectorAll("*")]
  .filter((element) => !["SCRIPT", "NOSCRIPT"].includes(element.tagName))
  .filter((element) => [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim() !== ""))
  .map((element) => ({ element, ratio: contrast(element) }))
  .filter(({ ratio }) => ratio < 4.5)
  .map(({ element, ratio }) => `${ratio.toFixed(2)}: ${element.outerHTML.slice(0, 200)}`);
