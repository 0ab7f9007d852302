"""Where the models are, and fetching and verifying them.

    place      which folder they are in
    manifest   what they are: files, sizes, SHA-256, sources
    verify     which of them are there and whole
    install    fetching, unpacking and putting in place, all or nothing

The only part of the program that uses the network, and only when asked to install.
"""
