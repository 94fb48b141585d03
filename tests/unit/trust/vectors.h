// Keys and signatures that ssh-keygen made once, for tests that must work where it is missing. Each
// signature is over VECTOR_MESSAGE in the namespace "git"; the private keys are gone.
#pragma once

#define VECTOR_MESSAGE "release prompt/outbound/greeting 4\n"

struct vector {
    const char *name;
    const char *public_key;
    const char *fingerprint; // as ssh-keygen -l prints it
    const char *signature;
};

static const struct vector vectors[] = {
    {
        "ed25519",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIO+wydBtbR6H7LwsonRDKsW2VD5MeX/8hjSPJNu63RkS",
        "SHA256:VY1OMJnWUCwIM5U3HIw49/OYERd1v78YggCqQn3GNT0",
        "-----BEGIN SSH SIGNATURE-----\n"
        "U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAg77DJ0G1tHofsvCyidEMqxbZUPk\n"
        "x5f/yGNI8k27rdGRIAAAADZ2l0AAAAAAAAAAZzaGE1MTIAAABTAAAAC3NzaC1lZDI1NTE5\n"
        "AAAAQD+9cQkYln1/ucMPQIo7PWuktBu5wuPd7/SrM4bwpEdUzvvGETv+QkBTeMWiQcXj+p\n"
        "WXsO+7zCWrEdLDKCmnXA4=\n"
        "-----END SSH SIGNATURE-----\n",
    },
    {
        "ed25519-sha256",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIO+wydBtbR6H7LwsonRDKsW2VD5MeX/8hjSPJNu63RkS",
        "SHA256:VY1OMJnWUCwIM5U3HIw49/OYERd1v78YggCqQn3GNT0",
        "-----BEGIN SSH SIGNATURE-----\n"
        "U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAg77DJ0G1tHofsvCyidEMqxbZUPk\n"
        "x5f/yGNI8k27rdGRIAAAADZ2l0AAAAAAAAAAZzaGEyNTYAAABTAAAAC3NzaC1lZDI1NTE5\n"
        "AAAAQPfl/Lu7l3WmWuoHe7MjxrhOtAJURoXeRBmD6+heAb8sMC4vzoRUIKtvmO/ZWiy7D1\n"
        "8i/tE6g37hIvPN5D2argw=\n"
        "-----END SSH SIGNATURE-----\n",
    },
    {
        "ecdsa256",
        "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBOcojD4pVVGg"
        "qKtgxXXPnKYDKIovIBVe/ffM6xjhvbnPugrH7lzkMweuPtFJV5/1Yt87BsOfj5R0ow0O3iR3ZNs=",
        "SHA256:HibJWT0t2iEGcnaaJLnfMxsmHrUyPFfC4VmHcFouaOM",
        "-----BEGIN SSH SIGNATURE-----\n"
        "U1NIU0lHAAAAAQAAAGgAAAATZWNkc2Etc2hhMi1uaXN0cDI1NgAAAAhuaXN0cDI1NgAAAE\n"
        "EE5yiMPilVUaCoq2DFdc+cpgMoii8gFV7998zrGOG9uc+6CsfuXOQzB64+0UlXn/Vi3zsG\n"
        "w5+PlHSjDQ7eJHdk2wAAAANnaXQAAAAAAAAABnNoYTUxMgAAAGQAAAATZWNkc2Etc2hhMi\n"
        "1uaXN0cDI1NgAAAEkAAAAhAL4s2YPtitB4j2S0HR3fXJh/KV4Zg+MVh6WOwz4313NuAAAA\n"
        "IAZnocWbJjqI3sw2R6ahg6AWXTW1UfZGiY/K+IN77T+O\n"
        "-----END SSH SIGNATURE-----\n",
    },
    {
        "ecdsa384",
        "ecdsa-sha2-nistp384 AAAAE2VjZHNhLXNoYTItbmlzdHAzODQAAAAIbmlzdHAzODQAAABhBE7P9IOP4WyE"
        "bpnxuWaR/3oowYYMTeverbdDClCb9AI7dEzWGeLbvkI1iBk4zfzOoeBYnrlEdX7zaY8H3vROZTJwmZxficjs"
        "TXS2yHo4fLzc1kdhdHDamIOSwB48tiUsYw==",
        "SHA256:Y5JM8tUMFjwnmlttLI/DKIAQB49aLEiqCIn4qIxCX2c",
        "-----BEGIN SSH SIGNATURE-----\n"
        "U1NIU0lHAAAAAQAAAIgAAAATZWNkc2Etc2hhMi1uaXN0cDM4NAAAAAhuaXN0cDM4NAAAAG\n"
        "EETs/0g4/hbIRumfG5ZpH/eijBhgxN696tt0MKUJv0Ajt0TNYZ4tu+QjWIGTjN/M6h4Fie\n"
        "uUR1fvNpjwfe9E5lMnCZnF+JyOxNdLbIejh8vNzWR2F0cNqYg5LAHjy2JSxjAAAAA2dpdA\n"
        "AAAAAAAAAGc2hhNTEyAAAAhAAAABNlY2RzYS1zaGEyLW5pc3RwMzg0AAAAaQAAADBUCL2b\n"
        "V+qBHBOL1ZPSs9zTqHfXFyaQLmzYJSMO3pmfqZgPf9mHVkvsfzcAxuRm4rgAAAAxAIirS+\n"
        "OfD1CbIfQJLL3iKKCWRF4Jcpb03hRiTOVm0442jVCCosxvTcDElRW5hu7+8Q==\n"
        "-----END SSH SIGNATURE-----\n",
    },
    {
        "ecdsa521",
        "ecdsa-sha2-nistp521 AAAAE2VjZHNhLXNoYTItbmlzdHA1MjEAAAAIbmlzdHA1MjEAAACFBABJcJh5eliA"
        "yEOpjIODNXckKy+gPD1yrKUhbZSxH4Oo/yZcSF1Qm24FHexBbrkx952sq28b7kKWBd9vxqWlUchcVQC+nu71"
        "hq8PuziQWdmIP3nSCmZDgZM+/x503T1kVH8AhPavUZZIVwZfOhzDED/Sq9pOd5lKwTpaUnia4P5QPPtnaQ==",
        "SHA256:nSIfN+1YfrvjaeRgF0GPRVnZGAbhNwyEhYfT/hWpLoc",
        "-----BEGIN SSH SIGNATURE-----\n"
        "U1NIU0lHAAAAAQAAAKwAAAATZWNkc2Etc2hhMi1uaXN0cDUyMQAAAAhuaXN0cDUyMQAAAI\n"
        "UEAElwmHl6WIDIQ6mMg4M1dyQrL6A8PXKspSFtlLEfg6j/JlxIXVCbbgUd7EFuuTH3nayr\n"
        "bxvuQpYF32/GpaVRyFxVAL6e7vWGrw+7OJBZ2Yg/edIKZkOBkz7/HnTdPWRUfwCE9q9Rlk\n"
        "hXBl86HMMQP9Kr2k53mUrBOlpSeJrg/lA8+2dpAAAAA2dpdAAAAAAAAAAGc2hhNTEyAAAA\n"
        "pwAAABNlY2RzYS1zaGEyLW5pc3RwNTIxAAAAjAAAAEIBEAXcOQbzoTHz9LUk1JC1KJ1+o4\n"
        "Y+k766no8y7ES9+B/bH1C4mm00ElnFHLiIUr49IjCquYuxzeSHycbAOKpqdhwAAABCAbc7\n"
        "cnsoc3mcqgbUdzc5Qzo6See9Pj2YuicnPyxgqNScVqVvfU0KcjLI5RuWAzjs6wHaLNpX1q\n"
        "ZRQ49VmPeUEIEH\n"
        "-----END SSH SIGNATURE-----\n",
    },
    {
        "rsa2048",
        "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQCpMMWvhDSXhdd3Q6HbCFBJniKI9fi8G8uV5GZqXSY3Xnjq"
        "yIRreFxFgrU/zKpZzq7iCc7z1P8/ISkZbWh7hV56PddSXeFu6DsdEieoHbEgOLBbZbZhn+r95r+vUy1qvwFf"
        "1+8+bOLsHpdMn4lYWBWwgSQDMue6haH0H6jb25yL+86pISxO4NmeE7ceiyMqohkjd8JuPl5OYYRilP1qdyMf"
        "ixEyTKo05Zitrt4zvs0Pg3JR95odwO3x6OeNFkRujjla09QAuJfssGokm+U0XGaSbjHj8kiN7+gi753yRm9+"
        "jK4yC/YvXXhlfh9O2kJXEwKzYC9hwHRn9rDFCm5OZCcx",
        "SHA256:e3TKhd4htlHg3OGCxilWC6rQ1KNTQMAI5uNUjpnRJgg",
        "-----BEGIN SSH SIGNATURE-----\n"
        "U1NIU0lHAAAAAQAAARcAAAAHc3NoLXJzYQAAAAMBAAEAAAEBAKkwxa+ENJeF13dDodsIUE\n"
        "meIoj1+Lwby5XkZmpdJjdeeOrIhGt4XEWCtT/MqlnOruIJzvPU/z8hKRltaHuFXno911Jd\n"
        "4W7oOx0SJ6gdsSA4sFtltmGf6v3mv69TLWq/AV/X7z5s4uwel0yfiVhYFbCBJAMy57qFof\n"
        "QfqNvbnIv7zqkhLE7g2Z4Ttx6LIyqiGSN3wm4+Xk5hhGKU/Wp3Ix+LETJMqjTlmK2u3jO+\n"
        "zQ+DclH3mh3A7fHo540WRG6OOVrT1AC4l+ywaiSb5TRcZpJuMePySI3v6CLvnfJGb36Mrj\n"
        "IL9i9deGV+H07aQlcTArNgL2HAdGf2sMUKbk5kJzEAAAADZ2l0AAAAAAAAAAZzaGE1MTIA\n"
        "AAEUAAAADHJzYS1zaGEyLTUxMgAAAQBUJQdt6uHs1ejVlwi05g1sopj9QJ1IhYxH4MKqs8\n"
        "BQ1FrvxWMPxFC9ZPXkwDA4zGmw2hTFNSbyYtBW32cYsUvPtGjSDcjUNLTg7mb897V0q4/c\n"
        "MIovPkq/dJn9g1qkN3gfcqYKED0epqdzGgIS0BUSAE+gKg13H563QOpA9yE2+SB4xPAnK+\n"
        "OnM9Xm/5lt5jliMVT22dDnUAL5JFInG3vUTrjMgffWqPq9bsDczpzlekTlIMXfJkkfHn1V\n"
        "xG3W4IhjwX4NGfK8ZcVMMVKJGmy8sWsdGSuISBQ4c99CF3l4BeQRjUgmuBXoWxrxbVfFn0\n"
        "vmLC98zrCZLjno9TIlwpHP\n"
        "-----END SSH SIGNATURE-----\n",
    },
    {
        "rsa3072",
        "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQC8Vy+0EOmUS8snZ4TQgAAt0OdfmGCnHiHMuI6y0v2DPpwC"
        "3kskkowpVFG/irts7iB3bPACXQddwwcctD6T/AJBlpxgvfvl+U4xlJ29cVyzsicqAhTAE93K1M8tWtBwdHb3"
        "XXkvMbf4/0/yqPqnFWLywGkYVbgnVKe4JSz5Htmk08byUPC4SYeqKu9m3ODPe8C/OR6uMpwkHd1qYs91fKJt"
        "T7biRXiQQADM0PqIswpcqyRF1ddn6bUDjvXeS645OsK2prq6/LzuirTAUwCXdDMuUA/R8Yeh3wzn3/gj73IL"
        "+3Wc+dWpA0WCOheFTjWBYyCaOXJ7P9bo7CwBp3qe4LxfTno7CeEM4TAIIN3AlkbfHcE09ruoqK3TO4mmL/g9"
        "aql8jHXO1y8htcuTggnYYOuIpPVF5k36LvjYWhtPU6Ow3uN/XcZ3D18S/SLMxYk8rlY/24YKYsnoGBP8v0mR"
        "C+RYwv37SS4yiODZ6WRY/WGiXkPWaT5dw094m6ix0fptReE=",
        "SHA256:jO0Q3SHWtpRswcPpGsvks/vw6Zk2KM9YSxTixG0A1pY",
        "-----BEGIN SSH SIGNATURE-----\n"
        "U1NIU0lHAAAAAQAAAZcAAAAHc3NoLXJzYQAAAAMBAAEAAAGBALxXL7QQ6ZRLyydnhNCAAC\n"
        "3Q51+YYKceIcy4jrLS/YM+nALeSySSjClUUb+Ku2zuIHds8AJdB13DBxy0PpP8AkGWnGC9\n"
        "++X5TjGUnb1xXLOyJyoCFMAT3crUzy1a0HB0dvddeS8xt/j/T/Ko+qcVYvLAaRhVuCdUp7\n"
        "glLPke2aTTxvJQ8LhJh6oq72bc4M97wL85Hq4ynCQd3Wpiz3V8om1PtuJFeJBAAMzQ+oiz\n"
        "ClyrJEXV12fptQOO9d5Lrjk6wramurr8vO6KtMBTAJd0My5QD9Hxh6HfDOff+CPvcgv7dZ\n"
        "z51akDRYI6F4VONYFjIJo5cns/1ujsLAGnep7gvF9OejsJ4QzhMAgg3cCWRt8dwTT2u6io\n"
        "rdM7iaYv+D1qqXyMdc7XLyG1y5OCCdhg64ik9UXmTfou+NhaG09To7De439dxncPXxL9Is\n"
        "zFiTyuVj/bhgpiyegYE/y/SZEL5FjC/ftJLjKI4NnpZFj9YaJeQ9ZpPl3DT3ibqLHR+m1F\n"
        "4QAAAANnaXQAAAAAAAAABnNoYTUxMgAAAZQAAAAMcnNhLXNoYTItNTEyAAABgE7i5wCTfS\n"
        "lho5ONbILqFVrtUB2LIBMDDFq8eyDy8yDxSrv4aSB9hHuiBpWQdByIgJRx0qY+FA5lzof4\n"
        "5nT+ys0Us0LKwsZBWvv1+Nj9xOL3FniniGG6KYDpa/Ro1U8tu7fnTM0zfrSfCo7C1x0AU0\n"
        "kx5jVhMdPz1kGRd1uXMqXDJQl1e55QITFbKRHYHOI/ITVr3BXSXiL6abUxHcr0Imakte7n\n"
        "5MYby8XSIB+j4cKC98ThBKAv7oW37bGCj0iVZ+p+r4BZK7+jyNmeWlzzyhOLChustI5+g1\n"
        "HIjj3C+hAMV/zMeVeDoyi2zxfoWHE++EcQFUWv79KrlmVmxZGgUpMCprm9jHLP3FRvz9yx\n"
        "B6a4vwuz/+vxJ9jF5TWMVobM4gsWS4qiDm+zSSHnD8M/c5ha10SUPNlp2aoEvrHzbml7Dj\n"
        "3qkubSTxHYi2KzgZb3jLE4A50fWl/QHvo1342swjPkpIMBZLVchUiJocVwedXXb/wB+Lno\n"
        "QXK8v+HqUdVTsw==\n"
        "-----END SSH SIGNATURE-----\n",
    },
};

// What must be refused: an RSA key of 1024 bits with its signature, and a certificate.
static const struct vector vector_weak = {
    "rsa1024",
    "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQCo3bd/Y+9EiEvAAx4U9q3ycf5M6euRuyyDNS2HSC+J5I/p"
    "gCtL+ukbFIdsvN/aGq/8HcMPdj41/eLcynsuoCY/GlGMXWF1tfuZ+W3XZoX2Xuc8xfRxR1AIMRlJz3hksYLk"
    "qej+y4yKQz0kfA0sOixyq8HywMnX/Rd+UChlwfkvVw==",
    "",
    "-----BEGIN SSH SIGNATURE-----\n"
    "U1NIU0lHAAAAAQAAAJcAAAAHc3NoLXJzYQAAAAMBAAEAAACBAKjdt39j70SIS8ADHhT2rf\n"
    "Jx/kzp65G7LIM1LYdIL4nkj+mAK0v66RsUh2y839oar/wdww92PjX94tzKey6gJj8aUYxd\n"
    "YXW1+5n5bddmhfZe5zzF9HFHUAgxGUnPeGSxguSp6P7LjIpDPSR8DSw6LHKrwfLAydf9F3\n"
    "5QKGXB+S9XAAAAA2dpdAAAAAAAAAAGc2hhNTEyAAAAlAAAAAxyc2Etc2hhMi01MTIAAACA\n"
    "HEpPvX0VYPWeHpy3J2sK9NdFtJQhXWAXTj8cxLsl9bUeO4TCyovSa9tmGpkonqq+Y12j5U\n"
    "nj5DAwwUOaWMZHmqPmoqNpk/TEKaEJlV+gKE0Rqg41iye/6ZNdPyBabXpIs6vjcEh125+Y\n"
    "DLWcty4SH9NLTOV0LBuYNaogtM6yWQo=\n"
    "-----END SSH SIGNATURE-----\n",
};
static const char vector_certificate[] =
    "ssh-ed25519-cert-v01@openssh.com AAAAIHNzaC1lZDI1NTE5LWNlcnQtdjAxQG9wZW5zc2guY29tAAA"
    "AINwlSTvRHA7ScePcdhRtn+2g5un3c7V5Vf/J5JoYeeJUAAAAIO+wydBtbR6H7LwsonRDKsW2VD5MeX/8hjS"
    "PJNu63RkSAAAAAAAAAAAAAAABAAAAAmlkAAAACAAAAARtYXlhAAAAAAAAAAD//////////wAAAAAAAACCAAA"
    "AFXBlcm1pdC1YMTEtZm9yd2FyZGluZwAAAAAAAAAXcGVybWl0LWFnZW50LWZvcndhcmRpbmcAAAAAAAAAFnB"
    "lcm1pdC1wb3J0LWZvcndhcmRpbmcAAAAAAAAACnBlcm1pdC1wdHkAAAAAAAAADnBlcm1pdC11c2VyLXJjAAA"
    "AAAAAAAAAAABoAAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBOcojD4pVVGgqKtgxXX"
    "PnKYDKIovIBVe/ffM6xjhvbnPugrH7lzkMweuPtFJV5/1Yt87BsOfj5R0ow0O3iR3ZNsAAABkAAAAE2VjZHN"
    "hLXNoYTItbmlzdHAyNTYAAABJAAAAIQCSZHBaChMgEayXvoat1btCIE1matgNz8xL2eEbpcd+YAAAACBJq7v"
    "IvDc4G1eb0g9l40WYE9FTQRgIIZHdhr8ICca7cw== ed25519.pub";
