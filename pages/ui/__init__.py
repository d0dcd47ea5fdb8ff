"""What pages share: the frame, the picture picker, words, the live stage, the code on show."""
