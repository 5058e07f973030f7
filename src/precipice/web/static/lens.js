// Lens and sensor to angles, and the frame in the picture.

/** Return the part of the sensor that is shown, in millimetres: the largest of the frame's aspect. */
export function shown(camera) {
  const wide = camera.aspect >= camera.width_mm / camera.height_mm;
  const width = wide ? camera.width_mm : camera.height_mm * camera.aspect;
  return { width, height: width / camera.aspect };
}

/** Return the horizontal and vertical angle of what is shown, in degrees. */
export function angles(camera) {
  const { width, height } = shown(camera);
  const angle = (size) => (2 * Math.atan(size / (2 * camera.focal_mm)) * 180) / Math.PI;
  return { across: angle(width), up: angle(height) };
}

/** Return how fast a camera turns to follow a body [rad/s].
 *  away: from the camera to the body [m]; velocity: of the body [m/s]; both three.js vectors. */
export function turning(away, velocity) {
  const far = away.length();
  return far > 0 ? away.clone().cross(velocity).length() / (far * far) : 0;
}

/** Return the vertical angle that a picture must have to hold the frame with a border, and the frame in it [share]. */
export function fit(camera, pictureAspect, border = 0.9) {
  const { width, height } = shown(camera);
  const share = pictureAspect >= camera.aspect ? border : (border * pictureAspect) / camera.aspect;
  const up = (2 * Math.atan(height / (2 * camera.focal_mm) / share) * 180) / Math.PI;
  return { up, high: share, wide: (share * camera.aspect) / pictureAspect, width };
}
