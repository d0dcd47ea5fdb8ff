// The steps of Faster R-CNN in which an object is followed, by their names.
export const ANCHORS = "anchors";
export const OBJECTNESS = "objectness";
export const PROPOSALS = "proposals";
export const CROP = "crop";
export const ANSWER = "answer";
export const FATES = "fate";
export const STEPS = [ANCHORS, OBJECTNESS, PROPOSALS, CROP, ANSWER, FATES];
