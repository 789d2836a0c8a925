var cs = "Server=db;Database=shop;User Id=sa;Password={{fake:password}};";
