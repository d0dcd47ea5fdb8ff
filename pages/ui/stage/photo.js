// A picture of the store, drawn from its own address: sharper than what a reply would carry.

// Draws the picture ref over the box once it is there; the one before is dropped.
export function drawPhoto(ctx, stage, ref, box, veil = 0) {
  if (stage.photoRef !== ref) {
    const photo = new Image();
    stage.photoRef = ref;
    stage.photo = null;
    photo.onload = () => {
      if (stage.photoRef !== ref) return;
      stage.photo = photo;
      stage.repaint();
    };
    photo.src = `${stage.base}/api/v1/pictures/${ref}?max_side_px=1280`;
  }
  ctx.imageSmoothingEnabled = true;
  if (stage.photo) ctx.drawImage(stage.photo, box.x, box.y, box.width, box.height);
  ctx.globalAlpha = veil; // so that lines stand out on any picture
  ctx.fillStyle = stage.theme.background;
  ctx.fillRect(box.x, box.y, box.width, box.height);
  ctx.globalAlpha = 1;
}
