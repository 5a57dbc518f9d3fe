"""What ffmpeg may open: our formats by its names, and the decoders that people's files need.

Shared by the probe and by the encoder's arguments. ffmpeg knows several hundred decoders, many
old and little tested; what is not on this list cannot be reached by any file.
"""

FORMATS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,ogg,wav,flac,mp3,aac,aiff,avi"

DEMUXERS = {
    "mp4": "mov",
    "matroska": "matroska",
    "ogg": "ogg",
    "wav": "wav",
    "flac": "flac",
    "mp3": "mp3",
    "aac": "aac",
    "aiff": "aiff",
    "avi": "avi",
}

_VIDEO = (
    "h264 hevc vp8 vp9 libvpx libvpx-vp9 av1 libdav1d mpeg4 mpeg2video mpeg1video h263 theora prores "
    "prores_raw dnxhd mjpeg ffv1 rawvideo cfhd msmpeg4 msmpeg4v2 dvvideo huffyuv ffvhuff utvideo "
    "qtrle png v210 hap"
)
_AUDIO = (
    "aac aac_fixed aac_latm mp3 mp3float mp2 mp2float mp1 mp1float opus libopus vorbis libvorbis flac alac ac3 "
    "eac3 dca amrnb amrwb adpcm_ms adpcm_ima_wav adpcm_ima_qt gsm_ms pcm_alaw pcm_mulaw pcm_u8 pcm_s8 "
    "pcm_s16le pcm_s16be pcm_s24le pcm_s24be pcm_s32le pcm_s32be pcm_f32le pcm_f32be pcm_f64le "
    "pcm_f64be pcm_u16le pcm_u16be pcm_bluray pcm_s64le"
)
DECODERS = ",".join((_VIDEO + " " + _AUDIO).split())
