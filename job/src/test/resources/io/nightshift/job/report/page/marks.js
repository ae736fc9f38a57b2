// For each chart, its title and how many of its pixels have a color of a series.
function isColored([red, green, blue, opacity]) {
  return opacity > 200 && Math.max(red, green, blue) - Math.min(red, green, blue) > 60;
}

return [...document.querySelectorAll("figure")].map((figure) => {
  const canvas = figure.querySelector("canvas");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let count = 0;
  for (let index = 0; index < data.length; index += 4) {
    count += isColored(data.subarray(index, index + 4)) ? 1 : 0;
  }
  return [figure.querySelector("h3").textContent, count];
});
