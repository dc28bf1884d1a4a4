package publish

import "github.com/minio/minio-go/v7"

// minioPlain is how other programs upload.
var minioPlain = minio.PutObjectOptions{ContentType: "text/plain"}
