const password = process.env.DB_PASSWORD;
const token = await getToken({ audience: "shop" });
const secretKey = config.get("secretKey");
function resetPassword(newPassword, confirmPassword) { return newPassword === confirmPassword; }
